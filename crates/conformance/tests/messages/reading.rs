//! Elements read back to the host.

use crate::names::*;

misuses! {
    "f(3).item()" Value: f([3]).item::<f64>(), f([3]).try_item::<f64>();
    "f(0).item()" Value: f([0]).item::<f64>(), f([0]).try_item::<f64>();
    "f(2, 3).item()" Value: f([2, 3]).item::<f64>(), f([2, 3]).try_item::<f64>();
    "n(1, 1).item()" fine: n([1, 1]).item::<f64>();
    "bool(f(2))" Value: f([2]).is_true(), f([2]).try_is_true();
    "bool(f(0))" Value: f([0]).is_true(), f([0]).try_is_true();
    "bool(n(2, 2))" Value: n([2, 2]).is_true(), n([2, 2]).try_is_true();
    "bool(f(1, 1))" fine: f([1, 1]).is_true();
}
