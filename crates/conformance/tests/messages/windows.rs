//! Padding, windows, images in other sizes: arguments that do not fit.

use crate::names::*;
use tensor_core::op::PadMode;

misuses! {
    "torch.nn.functional.pad(f(2, 3), (1,))" Value: f([2, 3]).pad([1], 0), f([2, 3]).try_pad([1], 0);
    "torch.nn.functional.pad(f(2, 3), (1, 1, 1, 1, 1, 1))" Value: f([2, 3]).pad([1, 1, 1, 1, 1, 1], 0), f([2, 3]).try_pad([1, 1, 1, 1, 1, 1], 0);
    "torch.nn.functional.pad(f(), (1, 1))" Value: f([]).pad([1, 1], 0), f([]).try_pad([1, 1], 0);
    "torch.nn.functional.pad(f(2, 3), (-2, -2))" Shape: f([2, 3]).pad([-2, -2], 0), f([2, 3]).try_pad([-2, -2], 0);
    "torch.nn.functional.pad(f(2, 3), (-4, 1))" Shape: f([2, 3]).pad([-4, 1], 0), f([2, 3]).try_pad([-4, 1], 0);
    "torch.nn.functional.pad(f(2, 3), (3, 1), 'reflect')" Value: f([2, 3]).pad([3, 1], PadMode::Reflect), f([2, 3]).try_pad([3, 1], PadMode::Reflect);
    "torch.nn.functional.pad(f(2, 3), (1, 3), 'reflect')" Value: f([2, 3]).pad([1, 3], PadMode::Reflect), f([2, 3]).try_pad([1, 3], PadMode::Reflect);
    "torch.nn.functional.pad(f(3), (1, 1), 'reflect')" Unsupported: f([3]).pad([1, 1], PadMode::Reflect), f([3]).try_pad([1, 1], PadMode::Reflect);
    "torch.nn.functional.pad(f(2, 3), (1, 1, 1, 1), 'replicate')" Unsupported: f([2, 3]).pad([1, 1, 1, 1], PadMode::Replicate), f([2, 3]).try_pad([1, 1, 1, 1], PadMode::Replicate);
    "torch.nn.functional.pad(f(2, 3, 4), (1, 1, 3, 1), 'reflect')" Value: f([2, 3, 4]).pad([1, 1, 3, 1], PadMode::Reflect), f([2, 3, 4]).try_pad([1, 1, 3, 1], PadMode::Reflect);
    "torch.nn.functional.pad(f(2, 3, 4, 5), (1, 1, 3, 1, 2, 3), 'reflect')" Value: f([2, 3, 4, 5]).pad([1, 1, 3, 1, 2, 3], PadMode::Reflect), f([2, 3, 4, 5]).try_pad([1, 1, 3, 1, 2, 3], PadMode::Reflect);
    "torch.nn.functional.pad(f(2, 3, 4), (-3, -3), 'reflect')" Shape: f([2, 3, 4]).pad([-3, -3], PadMode::Reflect), f([2, 3, 4]).try_pad([-3, -3], PadMode::Reflect);
    "torch.nn.functional.pad(f(2, 3, 4), (-3, -1, 0, 0), 'replicate')" Shape: f([2, 3, 4]).pad([-3, -1, 0, 0], PadMode::Replicate), f([2, 3, 4]).try_pad([-3, -1, 0, 0], PadMode::Replicate);
    "torch.nn.functional.pad(f(2, 3, 4, 5), (1, 1, 1, -5, 1, 1), 'replicate')" Shape: f([2, 3, 4, 5]).pad([1, 1, 1, -5, 1, 1], PadMode::Replicate), f([2, 3, 4, 5]).try_pad([1, 1, 1, -5, 1, 1], PadMode::Replicate);
    "torch.nn.functional.pad(f(2, 3, 4), (5, 0), 'circular')" Value: f([2, 3, 4]).pad([5, 0], PadMode::Circular), f([2, 3, 4]).try_pad([5, 0], PadMode::Circular);
    "torch.nn.functional.pad(f(2, 3, 4), (-5, 0), 'circular')" Value: f([2, 3, 4]).pad([-5, 0], PadMode::Circular), f([2, 3, 4]).try_pad([-5, 0], PadMode::Circular);
    "torch.nn.functional.pad(f(2, 0, 4), (1, 1), 'reflect')" Shape: f([2, 0, 4]).pad([1, 1], PadMode::Reflect), f([2, 0, 4]).try_pad([1, 1], PadMode::Reflect);
    "torch.nn.functional.pad(f(2, 0, 3, 4), (1, 1, 1, 1), 'replicate')" Shape: f([2, 0, 3, 4]).pad([1, 1, 1, 1], PadMode::Replicate), f([2, 0, 3, 4]).try_pad([1, 1, 1, 1], PadMode::Replicate);
    "torch.nn.functional.pad(b(2, 3, 4), (1, 1), 'reflect')" DType: b([2, 3, 4]).pad([1, 1], PadMode::Reflect), b([2, 3, 4]).try_pad([1, 1], PadMode::Reflect);
    "torch.nn.functional.pad(b(2, 3, 4, 5), (1, 1, 1, 1, 1, 1), 'replicate')" DType: b([2, 3, 4, 5]).pad([1, 1, 1, 1, 1, 1], PadMode::Replicate), b([2, 3, 4, 5]).try_pad([1, 1, 1, 1, 1, 1], PadMode::Replicate);
}
