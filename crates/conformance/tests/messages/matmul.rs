//! Products: every wrong combination of ranks, shapes and dtypes.

use crate::names::*;

misuses! {
    "f(2, 3) @ f(2, 3)" Shape: f([2, 3]).matmul(&f([2, 3])), f([2, 3]).try_matmul(&f([2, 3]));
    "f(2, 3) @ f(2)" Shape: f([2, 3]).matmul(&f([2])), f([2, 3]).try_matmul(&f([2]));
    "f(2) @ f(3)" Shape: f([2]).matmul(&f([3])), f([2]).try_matmul(&f([3]));
    "f(2) @ f(3, 2)" Shape: f([2]).matmul(&f([3, 2])), f([2]).try_matmul(&f([3, 2]));
    "f() @ f(2)" Shape: f([]).matmul(&f([2])), f([]).try_matmul(&f([2]));
    "f(2) @ f()" Shape: f([2]).matmul(&f([])), f([2]).try_matmul(&f([]));
    "f() @ f()" Shape: f([]).matmul(&f([])), f([]).try_matmul(&f([]));
    "f(4, 2, 3) @ f(4, 2, 3)" Shape: f([4, 2, 3]).matmul(&f([4, 2, 3])), f([4, 2, 3]).try_matmul(&f([4, 2, 3]));
    "f(4, 2, 3) @ f(5, 3, 2)" Shape: f([4, 2, 3]).matmul(&f([5, 3, 2])), f([4, 2, 3]).try_matmul(&f([5, 3, 2]));
    "f(4, 2, 3) @ f(2, 3)" Shape: f([4, 2, 3]).matmul(&f([2, 3])), f([4, 2, 3]).try_matmul(&f([2, 3]));
    "f(4, 2, 3) @ f(2)" Shape: f([4, 2, 3]).matmul(&f([2])), f([4, 2, 3]).try_matmul(&f([2]));
    "f(2) @ f(4, 3, 2)" Shape: f([2]).matmul(&f([4, 3, 2])), f([2]).try_matmul(&f([4, 3, 2]));
    "f(2, 3) @ f(4, 2, 3)" Shape: f([2, 3]).matmul(&f([4, 2, 3])), f([2, 3]).try_matmul(&f([4, 2, 3]));
    "f(2, 1, 2, 3) @ f(3, 5, 2, 3)" Shape:
        f([2, 1, 2, 3]).matmul(&f([3, 5, 2, 3])), f([2, 1, 2, 3]).try_matmul(&f([3, 5, 2, 3]));
    "f(2, 3) @ n(3, 2)" DType: f([2, 3]).matmul(&n([3, 2])), f([2, 3]).try_matmul(&n([3, 2]));
    "f(2, 3) @ f(3, 2).double()" DType:
        f([2, 3]).matmul(&f([3, 2]).double()), f([2, 3]).try_matmul(&f([3, 2]).double());
    "f(2, 3).half() @ f(3, 2).bfloat16()" DType:
        f([2, 3]).half().matmul(&f([3, 2]).to(bfloat16)), f([2, 3]).half().try_matmul(&f([3, 2]).to(bfloat16));
    "f(4, 2, 3) @ n(4, 3, 2)" DType: f([4, 2, 3]).matmul(&n([4, 3, 2])), f([4, 2, 3]).try_matmul(&n([4, 3, 2]));
    "f(2, 3) @ n(3)" DType: f([2, 3]).matmul(&n([3])), f([2, 3]).try_matmul(&n([3]));
    "f(3) @ n(3)" DType: f([3]).matmul(&n([3])), f([3]).try_matmul(&n([3]));
    "f(3) @ f(3).double()" DType: f([3]).matmul(&f([3]).double()), f([3]).try_matmul(&f([3]).double());
    "b(2, 3) @ b(3, 2)" DType: b([2, 3]).matmul(&b([3, 2])), b([2, 3]).try_matmul(&b([3, 2]));
    "b(4, 2, 3) @ b(4, 3, 2)" DType: b([4, 2, 3]).matmul(&b([4, 3, 2])), b([4, 2, 3]).try_matmul(&b([4, 3, 2]));
    "b(2, 3) @ b(3)" DType: b([2, 3]).matmul(&b([3])), b([2, 3]).try_matmul(&b([3]));
    "b(3) @ b(3)" DType: b([3]).matmul(&b([3])), b([3]).try_matmul(&b([3]));
    "f(2, 3).mm(f(2, 3))" Shape: f([2, 3]).mm(&f([2, 3])), f([2, 3]).try_mm(&f([2, 3]));
    "f(3).mm(f(3, 2))" Shape: f([3]).mm(&f([3, 2])), f([3]).try_mm(&f([3, 2]));
    "f(2, 3).mm(f(3))" Shape: f([2, 3]).mm(&f([3])), f([2, 3]).try_mm(&f([3]));
    "f(2, 3).mm(f(1, 3, 2))" Shape: f([2, 3]).mm(&f([1, 3, 2])), f([2, 3]).try_mm(&f([1, 3, 2]));
    "f().mm(f())" Shape: f([]).mm(&f([])), f([]).try_mm(&f([]));
    "f(2, 3).bmm(f(3, 2))" Shape: f([2, 3]).bmm(&f([3, 2])), f([2, 3]).try_bmm(&f([3, 2]));
    "f(1, 2, 3).bmm(f(3, 2))" Shape: f([1, 2, 3]).bmm(&f([3, 2])), f([1, 2, 3]).try_bmm(&f([3, 2]));
    "f(4, 2, 3).bmm(f(5, 3, 2))" Shape: f([4, 2, 3]).bmm(&f([5, 3, 2])), f([4, 2, 3]).try_bmm(&f([5, 3, 2]));
    "f(4, 2, 3).bmm(f(4, 2, 3))" Shape: f([4, 2, 3]).bmm(&f([4, 2, 3])), f([4, 2, 3]).try_bmm(&f([4, 2, 3]));
    "f(2, 3).mv(f(2))" Shape: f([2, 3]).mv(&f([2])), f([2, 3]).try_mv(&f([2]));
    "f(2, 3).mv(f(3, 1))" Shape: f([2, 3]).mv(&f([3, 1])), f([2, 3]).try_mv(&f([3, 1]));
    "f(3).mv(f(3))" Shape: f([3]).mv(&f([3])), f([3]).try_mv(&f([3]));
    "f(2, 3).mv(f())" Shape: f([2, 3]).mv(&f([])), f([2, 3]).try_mv(&f([]));
    "f(2).dot(f(3))" Shape: f([2]).dot(&f([3])), f([2]).try_dot(&f([3]));
    "f(2, 3).dot(f(3))" Shape: f([2, 3]).dot(&f([3])), f([2, 3]).try_dot(&f([3]));
    "f(3).dot(f(3, 1))" Shape: f([3]).dot(&f([3, 1])), f([3]).try_dot(&f([3, 1]));
    "f().dot(f())" Shape: f([]).dot(&f([])), f([]).try_dot(&f([]));
    "f(2**20, 1).expand(2**20, 2**20) @ f(2**20, 1).expand(2**20, 2**31)" Memory:
        f([1048576, 1]).expand([1048576, 1048576]).matmul(&f([1048576, 1]).expand([1048576, 1i64 << 31])),
        f([1048576, 1]).expand([1048576, 1048576]).try_matmul(&f([1048576, 1]).expand([1048576, 1i64 << 31]));
    "f(1, 1, 2, 3).expand(2**40, 1, 2, 3) @ f(1, 1, 3, 2).expand(1, 2**40, 3, 2)" Memory:
        f([1, 1, 2, 3]).expand([1i64 << 40, 1, 2, 3]).matmul(&f([1, 1, 3, 2]).expand([1, 1i64 << 40, 3, 2])),
        f([1, 1, 2, 3]).expand([1i64 << 40, 1, 2, 3]).try_matmul(&f([1, 1, 3, 2]).expand([1, 1i64 << 40, 3, 2]));
}
