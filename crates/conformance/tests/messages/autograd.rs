//! Gradients asked for where there are none, and graphs used against their rules.

use crate::names::*;

misuses! {
    "leaf(3).backward()" Autograd: leaf([3]).backward(), leaf([3]).try_backward_with(Backward::default());
    "f(3).backward()" Autograd: f([3]).backward(), f([3]).try_backward_with(Backward::default());
    "f().backward()" Autograd: f([]).backward(), f([]).try_backward_with(Backward::default());
    "(leaf(3) * 2).backward()" Autograd:
        (leaf([3]) * 2).backward(), (leaf([3]) * 2).try_backward_with(Backward::default());
    "(leaf(0) * 2).backward()" Autograd:
        (leaf([0]) * 2).backward(), (leaf([0]) * 2).try_backward_with(Backward::default());
    "n().backward()" Autograd: n([]).backward(), n([]).try_backward_with(Backward::default());
    "y = (leaf(3) * leaf(3)).sum(); y.backward(); y.backward()" Autograd
        { let y = (leaf([3]) * leaf([3])).sum(); y.backward(); }:
        y.backward(), y.try_backward_with(Backward::default());
    "y = leaf(3).exp().sum(); y.backward(); y.backward()" Autograd { let y = leaf([3]).exp().sum(); y.backward(); }:
        y.backward(), y.try_backward_with(Backward::default());
    "y = (leaf(3) * 2).sum(); y.backward(); y.backward()" Autograd { let y = (leaf([3]) * 2).sum(); y.backward(); }:
        y.backward(), y.try_backward_with(Backward::default());
    "(leaf(3) * 2).backward(f(2))" Autograd:
        (leaf([3]) * 2).backward_from(&f([2])),
        (leaf([3]) * 2).try_backward_with(Backward { gradient: Some(&f([2])), ..Default::default() });
    "(leaf(3) * 2).backward(f(3, 1))" Autograd:
        (leaf([3]) * 2).backward_from(&f([3, 1])),
        (leaf([3]) * 2).try_backward_with(Backward { gradient: Some(&f([3, 1])), ..Default::default() });
    "(leaf(3) * 2).backward(n(3))" fine: (leaf([3]) * 2).backward_from(&n([3]));
    "(leaf(3) * 2).backward(f(3).double())" fine: (leaf([3]) * 2).backward_from(&f([3]).double());
    "leaf(3).detach().sum().backward()" Autograd:
        leaf([3]).detach().sum().backward(), leaf([3]).detach().sum().try_backward_with(Backward::default());
    "torch.autograd.grad(leaf(3).sum(), leaf(3))" Autograd:
        grad(&[&leaf([3]).sum()], &[&leaf([3])]), try_grad(&[&leaf([3]).sum()], &[&leaf([3])]);
    "torch.autograd.grad(leaf(3).sum(), f(3))" Autograd:
        grad(&[&leaf([3]).sum()], &[&f([3])]), try_grad(&[&leaf([3]).sum()], &[&f([3])]);
    "torch.autograd.grad(f(3).sum(), leaf(3))" Autograd:
        grad(&[&f([3]).sum()], &[&leaf([3])]), try_grad(&[&f([3]).sum()], &[&leaf([3])]);
    "torch.autograd.grad(leaf(3) * 2, leaf(3))" Autograd:
        grad(&[&(leaf([3]) * 2)], &[&leaf([3])]), try_grad(&[&(leaf([3]) * 2)], &[&leaf([3])]);
    "x = leaf(3); torch.autograd.grad(x * 2, x, f(2))" Autograd { let x = leaf([3]); }:
        or_panic(grad_from(&[&(&x * 2)], &[&x], &[f([2])])), grad_from(&[&(&x * 2)], &[&x], &[f([2])]);
    "x = leaf(3); torch.autograd.grad([x * 2], [x], [f(3), f(3)])" Autograd { let x = leaf([3]); }:
        or_panic(grad_from(&[&(&x * 2)], &[&x], &[f([3]), f([3])])), grad_from(&[&(&x * 2)], &[&x], &[f([3]), f([3])]);
    "x = leaf(3); torch.autograd.grad([x * 2], [x], [])" Autograd { let x = leaf([3]); }:
        or_panic(grad_from(&[&(&x * 2)], &[&x], &[])), grad_from(&[&(&x * 2)], &[&x], &[]);
    "x = leaf(3); torch.autograd.grad(x * 2, x, n(3))" fine { let x = leaf([3]); }:
        or_panic(grad_from(&[&(&x * 2)], &[&x], &[n([3])]));
    "x = leaf(3); torch.autograd.grad([], [x])" Autograd { let x = leaf([3]); }: grad(&[], &[&x]), try_grad(&[], &[&x]);
    "x = leaf(3); torch.autograd.grad(x.sum(), [])" Autograd { let x = leaf([3]); }:
        grad(&[&x.sum()], &[]), try_grad(&[&x.sum()], &[]);
    "x = leaf(3); y = (x * x).sum(); torch.autograd.grad(y, x); torch.autograd.grad(y, x)" Autograd
        { let x = leaf([3]); let y = (&x * &x).sum(); grad(&[&y], &[&x]); }:
        grad(&[&y], &[&x]), try_grad(&[&y], &[&x]);
    "n(3).requires_grad_()" Autograd: n([3]).requires_grad_(true), n([3]).try_requires_grad_(true);
    "b(3).requires_grad_()" Autograd: b([3]).requires_grad_(true), b([3]).try_requires_grad_(true);
    "n(3).requires_grad_(False)" fine: n([3]).requires_grad_(false);
    "(leaf(3) * 2).requires_grad_(False)" Autograd:
        (leaf([3]) * 2).requires_grad_(false), (leaf([3]) * 2).try_requires_grad_(false);
    "(leaf(3) * 2).requires_grad_()" fine: (leaf([3]) * 2).requires_grad_(true);
    "leaf(3).add_(1)" Autograd: leaf([3]).add_(1), leaf([3]).try_add_(1);
    "leaf(3).zero_()" Autograd: leaf([3]).zero_(), leaf([3]).try_zero_();
    "leaf(3).copy_(f(3))" Autograd: leaf([3]).copy_(&f([3])), leaf([3]).try_copy_(&f([3]));
    "leaf(3).uniform_()" Autograd:
        leaf([3]).uniform_(0.0, 1.0), leaf([3]).try_uniform_with_(0.0, 1.0, &default_generator());
    "leaf(3).mul_(leaf(3))" Autograd: leaf([3]).mul_(&leaf([3])), leaf([3]).try_mul_(&leaf([3]));
    "leaf(3)[0].add_(1)" Autograd: leaf([3]).i(0).add_(1), leaf([3]).i(0).try_add_(1);
    "leaf(3).view(3, 1).mul_(2)" Autograd: leaf([3]).view([3, 1]).mul_(2), leaf([3]).view([3, 1]).try_mul_(2);
    "leaf(3).__setitem__(0, 1.0)" Autograd: leaf([3]).i_put(0, 1.0), leaf([3]).try_i_put(0, 1.0);
    "leaf(3).__setitem__(at(0), 1.0)" Autograd: leaf([3]).i_put(at([0]), 1.0), leaf([3]).try_i_put(at([0]), 1.0);
    "leaf(3).__setitem__(b(3), 1.0)" Autograd: leaf([3]).i_put(b([3]), 1.0), leaf([3]).try_i_put(b([3]), 1.0);
    "leaf(3)[:2].fill_(1)" Autograd: leaf([3]).i(..2).fill_(1), leaf([3]).i(..2).try_fill_(1);
    "leaf(3).detach().add_(1)" fine: leaf([3]).detach().add_(1);
    "f(3)[:2].requires_grad_().add_(1)" Autograd:
        f([3]).i(..2).requires_grad_(true).add_(1), f([3]).i(..2).requires_grad_(true).try_add_(1);
    "x = leaf(3); y = x * 2; v = no_grad_view(y); v.add_(1)" Autograd
        { let x = leaf([3]); let y = &x * 2; let v = no_grad(|| y.i(..2)); }:
        v.add_(1), v.try_add_(1);
    "x = leaf(3); v = no_grad_view(x); v.add_(1)" Autograd { let x = leaf([3]); let v = no_grad(|| x.i(..2)); }:
        v.add_(1), v.try_add_(1);
    "x = leaf(3); y = x * 2; v = no_grad_view(y); v.mul_(x[:2])" Autograd
        { let x = leaf([3]); let y = &x * 2; let v = no_grad(|| y.i(..2)); }:
        v.mul_(x.i(..2)), v.try_mul_(x.i(..2));
    "x = leaf(3); y = f(3); v = no_grad_view(y); v.mul_(x[:2])" Autograd
        { let x = leaf([3]); let y = f([3]); let v = no_grad(|| y.i(..2)); }:
        v.mul_(x.i(..2)), v.try_mul_(x.i(..2));
    "x = leaf(3); y = x * 2; z = y * y; y.add_(1); z.sum().backward()" Autograd
        { let x = leaf([3]); let y = &x * 2; let z = &y * &y; y.add_(1); }:
        z.sum().backward(), z.sum().try_backward_with(Backward::default());
    "x = leaf(3); y = x.exp(); y.add_(1); y.sum().backward()" Autograd
        { let x = leaf([3]); let y = x.exp(); y.add_(1); }:
        y.sum().backward(), y.sum().try_backward_with(Backward::default());
    "x = leaf(3); y = x.sigmoid(); y.mul_(2); y.sum().backward()" Autograd
        { let x = leaf([3]); let y = x.sigmoid(); y.mul_(2); }:
        y.sum().backward(), y.sum().try_backward_with(Backward::default());
    "x = leaf(3); y = x * 2; z = y.pow(2); y[0] = 1.0; z.sum().backward()" Autograd
        { let x = leaf([3]); let y = &x * 2; let z = y.pow(2); y.i_put(0, 1.0); }:
        z.sum().backward(), z.sum().try_backward_with(Backward::default());
    "x = leaf(3); w = f(3); y = x * w; w.add_(1); y.sum().backward()" Autograd
        { let x = leaf([3]); let w = f([3]); let y = &x * &w; w.add_(1); }:
        y.sum().backward(), y.sum().try_backward_with(Backward::default());
    "x = leaf(3); i = at(0, 1); y = x[i]; i.add_(1); y.sum().backward()" Autograd
        { let x = leaf([3]); let i = at([0, 1]); let y = x.i(&i); i.add_(1); }:
        y.sum().backward(), y.sum().try_backward_with(Backward::default());
    "x = leaf(3); m = b(3); y = where(m, x, 0.0); m.logical_not_(); y.sum().backward()" Autograd
        { let x = leaf([3]); let m = b([3]); let y = m.where_(&x, 0.0); m.logical_not_(); }:
        y.sum().backward(), y.sum().try_backward_with(Backward::default());
    "x = leaf(2, 3); y = x @ x.t(); no_grad_add(x); y.sum().backward()" Autograd
        { let x = leaf([2, 3]); let y = x.matmul(&x.t()); no_grad(|| x.add_(1)); }:
        y.sum().backward(), y.sum().try_backward_with(Backward::default());
    "leaf(3).expand(2, 3).clone().expand(2, 2, 3).add_(1)" Overlap:
        leaf([3]).expand([2, 3]).clone_().expand([2, 2, 3]).add_(1),
        leaf([3]).expand([2, 3]).clone_().expand([2, 2, 3]).try_add_(1);
    "f(3).retain_grad()" Autograd: f([3]).retain_grad(), f([3]).try_retain_grad();
    "f(3).register_hook(lambda g: g)" Autograd: f([3]).register_hook(|_| None), f([3]).try_register_hook(|_| None);
    "x = leaf(3); x.register_hook(lambda g: g[:2]); x.sum().backward()" Autograd
        { let x = leaf([3]); x.register_hook(|g| Some(g.i(..2))); }:
        x.sum().backward(), x.sum().try_backward_with(Backward::default());
    "x = leaf(3); x.grad = f(2)" Autograd { let x = leaf([3]); }:
        x.set_grad(Some(f([2]))), x.try_set_grad(Some(f([2])));
    "x = leaf(3); x.grad = f(3).double()" Autograd { let x = leaf([3]); }:
        x.set_grad(Some(f([3]).double())), x.try_set_grad(Some(f([3]).double()));
    "x = leaf(3); x.grad = n(3)" Autograd { let x = leaf([3]); }:
        x.set_grad(Some(n([3]))), x.try_set_grad(Some(n([3])));
    "n(3).grad = f(3)" Autograd: n([3]).set_grad(Some(f([3]))), n([3]).try_set_grad(Some(f([3])));
    "f(3).grad = f(3)" fine: f([3]).set_grad(Some(f([3])));
    "(leaf(3) * 2)[:2].detach_()" Autograd: (leaf([3]) * 2).i(..2).detach_(), (leaf([3]) * 2).i(..2).try_detach_();
    "leaf(3)[:2].detach_()" Autograd: leaf([3]).i(..2).detach_(), leaf([3]).i(..2).try_detach_();
    "n(3).add_(leaf(3))" DType: n([3]).add_(&leaf([3])), n([3]).try_add_(&leaf([3]));
    "f(3).add_(leaf(2))" Shape: f([3]).add_(&leaf([2])), f([3]).try_add_(&leaf([2]));
    "leaf(3).sum().backward(f(1))" Autograd:
        leaf([3]).sum().backward_from(&f([1])),
        leaf([3]).sum().try_backward_with(Backward { gradient: Some(&f([1])), ..Default::default() });
}
