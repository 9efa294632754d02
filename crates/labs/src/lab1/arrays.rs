//! Lab 1, exercise 4: arrays to tensors and back.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::ndarray::Array;
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say(
        "Much of Rust's numeric code works on arrays of the crate `ndarray`, as Python's does on NumPy's. `from_ndarray` makes a \
         tensor of one. It keeps the exact type: an array of `f64` becomes a `float64` tensor, where literals would become \
         `float32`.",
    );
    show! {
        let array = Array::range(1.0, 8.0, 1.0);
        let x = from_ndarray(array.view());
        println!("{array}");
        println!("{x}");
    }

    say(
        "`view` lends the array, so its elements were copied: changing one does not change the other. (Given away, as \
         `from_ndarray(array)`, a large array hands its memory over, and nothing is copied.)",
    );
    show! {
        let array = array + 1.0;
        println!("{array}");
        println!("{x}");
    }

    say(
        "Back again, `to_ndarray` copies the elements. The type is that of the tensor: another one is refused, not converted in \
         silence.",
    );
    show! {
        let y = ones([7]);
        let array = y.to_ndarray::<f32>();
        println!("{array}");
        if let Err(error) = y.try_to_ndarray::<f64>() {
            println!("{error}");
        }
    }

    say("The array is a copy: changing the tensor does not change it.");
    show! {
        y.add_(1.0);
        println!("{y}");
        println!("{array}");
    }

    say(
        "To look at the tensor's own memory without a copy, `with_ndarray` lends it as an array for as long as a function runs; \
         `with_ndarray_mut` lends it for writing.",
    );
    show! {
        println!("{}", y.with_ndarray::<f32, _>(|view| view.sum()));
        y.with_ndarray_mut::<f32, _>(|mut view| view[[0]] = 5.0);
        println!("{y}");
    }

    say("Vectors go the same way, with `from_vec` and `to_vec`.");
    show! {
        println!("{}", from_vec(vec![1.0, 2.0, 3.0], [3]));
        println!("{:?}", y.to_vec::<f32>());
    }
}
