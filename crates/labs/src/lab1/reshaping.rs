//! Lab 1, exercise 1: new shapes for the same numbers.

use crate::settings::Settings;
use crate::transcript::say;
use sconce::prelude::*;

pub fn run(_: &Settings) {
    say("Nine numbers in a row.");
    show! {
        let x = arange((1.0, 10.0));
        println!("{} {:?}", x, x.shape());
    }

    say(
        "`reshape` arranges them anew. Nine numbers make three rows of three; -1 stands for the size that makes it fit.",
    );
    show! {
        println!("{}", x.reshape([3, 3]));
        println!("{:?}", x.reshape([-1, 1]).shape());
    }

    say("A shape for another number of elements is refused.");
    show! {
        if let Err(error) = x.try_reshape([2, 4]) {
            println!("{error}");
        }
    }

    say("A view is another look at the same memory. What is written through the view is seen in the base.");
    show! {
        let z = x.view([1, 9]);
        z.i_put((.., 0), 5.0);
        println!("{z}");
        println!("{x}");
        println!("{}", x.shares_storage(&z));
    }

    say(
        "`reshape` gives a view where memory allows it, and a copy where it does not; `view` never copies, and would rather \
         fail. A transposed matrix does not lie in rows:",
    );
    show! {
        let transposed = x.view([3, 3]).t();
        println!("{}", x.shares_storage(&transposed.reshape(9)));
        if let Err(error) = transposed.try_view(9) {
            println!("{error}");
        }
    }

    say("`stack` lays tensors of one shape on top of each other along a new dimension: the first, or the last.");
    show! {
        println!("{}", stack(&[&x, &x, &x, &x], 0));
        println!("{:?}", stack(&[&x, &x, &x, &x], 1).shape());
    }

    say("`squeeze` removes the dimensions of size one.");
    show! {
        println!("{} {:?}", z, z.shape());
        let squeezed = z.squeeze();
        println!("{} {:?}", squeezed, squeezed.shape());
    }

    say("`unsqueeze` puts one in, at the place that is named.");
    show! {
        let row = squeezed.unsqueeze(0);
        println!("{} {:?}", row, row.shape());
        let column = squeezed.unsqueeze(1);
        println!("{:?}", column.shape());
    }
}
