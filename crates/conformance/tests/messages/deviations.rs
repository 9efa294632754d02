//! Where the library differs from PyTorch on purpose: what it says instead, and why. Everything else is PyTorch's, letter by
//! letter.

/// A case that differs.
pub struct Deviation {
    /// The case.
    pub name: &'static str,
    /// What the library says; nothing where it does what PyTorch refuses.
    pub text: Option<&'static str>,
    /// Why.
    pub reason: &'static str,
}

macro_rules! deviations {
    ($($reason:literal { $($name:literal => $text:expr;)* })*) => {
        pub const DEVIATIONS: &[Deviation] = &[$($(
            Deviation { name: $name, text: $text, reason: $reason },
        )*)*];
    };
}

const SHARED: &str = "unsupported operation: more than one element of the written-to tensor refers to a single memory location. \
                      Please clone() the tensor before performing the operation.";

macro_rules! modified {
    () => {
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
    };
}

macro_rules! at_version {
    () => {
        " is at version 1; expected version 0 instead. Hint: enable anomaly detection to find the operation that failed to \
         compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False)."
    };
}

deviations! {
    "It is the operating system that refuses, and PyTorch's text is its allocator's, down to the line of C++." {
        "zeros(2**45)" => Some("not enough memory: you tried to allocate 140737488355328 bytes.");
        "full((2**60,), 1, dtype=uint8)" =>
            Some("Storage size calculation overflowed with sizes=[1152921504606846976]");
        "arange(0, 2**45)" => Some("not enough memory: you tried to allocate 281474976710656 bytes.");
        "torch.range(0, 2**45)" => Some("not enough memory: you tried to allocate 281474976710664 bytes.");
        "linspace(0, 1, 2**45)" => Some("not enough memory: you tried to allocate 281474976710656 bytes.");
        "f(1).expand(2**40, 2**19) + f(1)" =>
            Some("not enough memory: you tried to allocate 2305843009213693952 bytes.");
        "f(2**20, 1).expand(2**20, 2**20) @ f(2**20, 1).expand(2**20, 2**31)" =>
            Some("not enough memory: you tried to allocate 9007199254740992 bytes.");
        "randperm(2**45)" => Some("not enough memory: you tried to allocate 281474976710656 bytes.");
        "multinomial(f(3), 2**45, True)" => Some("not enough memory: you tried to allocate 281474976710656 bytes.");
    }
    "Sets of dimensions are the bits of one word; PyTorch lets such tensors be, but cannot reduce them." {
        "zeros([1] * 65)" => Some("only tensors with up to 64 dims are supported");
        "f(1).view([1] * 64).unsqueeze(64)" => Some("only tensors with up to 64 dims are supported");
        "f(1).view([1] * 65)" => Some("only tensors with up to 64 dims are supported");
        "f(1).expand([1] * 65)" => Some("only tensors with up to 64 dims are supported");
    }
    "PyTorch overflows on the way and says nothing of use, or does something else." {
        "torch.range(0.0, 1.0, 1e-300)" => Some("invalid size, possible overflow?");
        "f(2, 3).reshape(-2**63)" =>
            Some("invalid shape dimension -9223372036854775808 at index 0 of shape [-9223372036854775808]");
        "f().expand(-1)" =>
            Some("The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension 0");
        "f(1).expand(-2**63)" =>
            Some("The expanded size of the tensor (-9223372036854775808) must match the existing size (1) at \
                 non-singleton dimension 0.  Target sizes: [-9223372036854775808].  Tensor sizes: [1]");
        "f(3).as_strided((-2,), (1,))" => Some("Trying to create tensor with negative dimension -2: [-2]");
        "f(3).split([2**63 - 1, 2**63 - 1, 5])" =>
            Some("split_with_sizes expects split_sizes to sum exactly to 3 (input tensor's size at dimension 0), but \
                 got split_sizes=[9223372036854775807, 9223372036854775807, 5]");
        "f(3).chunk(2**63 - 1)" => None;
        "f(1).expand(-2)" =>
            Some("The expanded size of the tensor (-2) must match the existing size (1) at non-singleton dimension \
                 0.  Target sizes: [-2].  Tensor sizes: [1]");
        "f(1, 3).expand(-2, 3)" =>
            Some("The expanded size of the tensor (-2) must match the existing size (1) at non-singleton dimension \
                 0.  Target sizes: [-2, 3].  Tensor sizes: [1, 3]");
        "f(0).chunk(2**62)" => Some("not enough memory: you tried to allocate 18446744073709551615 bytes.");
        "f(0).view(0, 2**62, 4)" => Some("numel: integer multiplication overflow");
        "f(0).view(-1, 2**62, 4)" => Some("numel: integer multiplication overflow");
        "f(2, 3)[0:2:2**63 - 1]" => None;
        "f(2, 3).scatter_add(0, n(2, 3), f(3))" =>
            Some("Index tensor must have the same number of dimensions as src tensor");
    }
    "A view has at most as many elements as there are places for numbers of eight bytes, so that no later size overflows." {
        "f(1).expand(2**62)" => Some("numel: integer multiplication overflow");
    }
    "The other creation functions have this text in PyTorch, too." {
        "zeros(2, -1)" => Some("Trying to create tensor with negative dimension -1: [2, -1]");
    }
    "PyTorch loses the one and gives a tensor of no elements." {
        "tensor([[], [1]])" => Some("expected sequence of length 0 at dim 1 (got 1)");
    }
    "There is no torch here to call." {
        "cat([])" => Some("expected a non-empty list of Tensors");
    }
    "The operator is the method, which has this text in PyTorch, too." {
        "~f(2)" => Some(r#""bitwise_not_cpu" not implemented for 'Float'"#);
    }
    "Only the exponents zero and one are taken from powers of truth values, which nobody needs." {
        "b(2) ** True" => Some(r#""pow" not implemented for 'Bool'"#);
    }
    "PyTorch moves the indexed dimensions to the front first and names another one, or none." {
        "f(2, 3)[:, [3]]" => Some("index 3 is out of bounds for dimension 1 with size 3");
        "f(2, 0)[:, at(0)]" => Some("index 0 is out of bounds for dimension 1 with size 0");
    }
    "PyTorch has a kernel of its own for vectors, which does not name the index." {
        "f(2).index_add_(0, at(-2**63), f(1))" =>
            Some("index -9223372036854775808 is out of bounds for dimension 0 with size 2");
    }
    "What is written more than once depends on the order of threads; PyTorch warns, or does not look." {
        "f(3).expand(2, 3).__setitem__(at(0), 1.0)" => Some(SHARED);
        "f(3).expand(2, 3).zero_()" => Some(SHARED);
        "f(3).expand(2, 3).masked_fill_(b(3), 1.0)" => Some(SHARED);
        "f(4).as_strided((3, 2), (1, 1)).add_(1)" => Some(SHARED);
        "f(4).as_strided((3, 2), (1, 1)).fill_(1)" => Some(SHARED);
    }
    "NumPy refuses it, and no reader can tell what it means." {
        "f(2, 3)[..., ...]" => Some("an index can only have a single ellipsis ('...')");
    }
    "Of two things that are wrong, the function is looked at before the result." {
        "n(3).bitwise_or_(f(3))" => Some(r#""bitwise_or_cpu" not implemented for 'Float'"#);
    }
    "The mask comes first whether a copy is filled or the tensor itself." {
        "f(2).masked_fill_(b(3), 1.0)" =>
            Some("The size of tensor a (3) must match the size of tensor b (2) at non-singleton dimension 0");
    }
    "Each gradient belongs to an output." {
        "x = leaf(3); torch.autograd.grad([x * 2], [x], [f(3), f(3)])" => Some("got 1 tensors and 2 gradients");
    }
    "Nobody watched the view or its base: there is no history that the write could miss." {
        "x = leaf(3); y = f(3); v = no_grad_view(y); v.mul_(x[:2])" => None;
    }
    "PyTorch names a class of bool tensors as no other." {
        "x = leaf(3); m = b(3); y = where(m, x, 0.0); m.logical_not_(); y.sum().backward()" =>
            Some(concat!(modified!(), "[torch.BoolTensor [3]]", at_version!()));
    }
    "Of two kept tensors that were written, another one is found first." {
        "x = leaf(2, 3); y = x @ x.t(); no_grad_add(x); y.sum().backward()" =>
            Some(concat!(modified!(), "[torch.FloatTensor [2, 3]]", at_version!()));
    }
    "A closure has no name." {
        "x = leaf(3); x.register_hook(lambda g: g[:2]); x.sum().backward()" =>
            Some("a hook has changed the size of value");
    }
    "There is no grad_dtype to set." {
        "x = leaf(3); x.grad = f(3).double()" =>
            Some("attempting to assign a gradient with dtype 'double' to a tensor with grad_dtype 'Float'. The gradient \
                 must match the tensor's dtype");
        "x = leaf(3); x.grad = n(3)" =>
            Some("attempting to assign a gradient with dtype 'long int' to a tensor with grad_dtype 'Float'. The \
                 gradient must match the tensor's dtype");
        "n(3).grad = f(3)" =>
            Some("attempting to assign a gradient with dtype 'float' to a tensor with grad_dtype 'Long'. The gradient \
                 must match the tensor's dtype");
    }
    "PyTorch goes on about distributed training." {
        "(leaf(3) * 2)[:2].detach_()" => Some("Can't detach views in-place. Use detach() instead.");
        "leaf(3)[:2].detach_()" => Some("Can't detach views in-place. Use detach() instead.");
    }
    "PyTorch goes on to ask for a better text." {
        "bernoulli(f(2) * 2)" => Some("Expected p_in >= 0 && p_in <= 1 to be true, but got false.");
        "bernoulli(f(2) * -1)" => Some("Expected p_in >= 0 && p_in <= 1 to be true, but got false.");
        "bernoulli(f(2) * nan)" => Some("Expected p_in >= 0 && p_in <= 1 to be true, but got false.");
    }
    "PyTorch complains of a function that the user did not call." {
        "multinomial(f(0), 1, True)" => Some("invalid multinomial distribution (sum of probabilities <= 0)");
        "multinomial(f(2, 0), 1, True)" => Some("invalid multinomial distribution (sum of probabilities <= 0)");
    }
    "It says what is wrong with the bytes." {
        "torch.Generator().set_state(zeros(5056, dtype=uint8))" =>
            Some("invalid mt19937 state: impossible value at byte 12");
    }
    "The devices are this library's." {
        r#"torch.device("tpu")"# => Some("Expected one of cpu, gpu device type at start of device string: tpu");
        r#"torch.device("cpu:1")"# => Some("CPU device index must be -1 or zero, got 1");
        r#"torch.device("CPU")"# => Some("Expected one of cpu, gpu device type at start of device string: CPU");
        r#"zeros(2, device="cpu:1")"# => Some("CPU device index must be -1 or zero, got 1");
    }
}
