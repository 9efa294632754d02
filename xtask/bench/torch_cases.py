#!/usr/bin/env python3
"""PyTorch's side of `cargo xtask bench`: the same cases under the same names and by the same rules.

usage: torch_cases.py [filter ...] [--seconds S] [--threads N]

Prints a line of JSON per case: case, median_us, min_us, threads. A case is warmed up for 50 ms; a sample is as many calls as take
200 microseconds; there are up to 300 samples. Small operations (overhead/…) run on one thread, all others on N.
"""

import argparse
import gc
import json

import torch
import torch.nn as nn
import torch.nn.functional as F

from torch_timing import measure

CASES = {}
M1, M16 = 1 << 20, 1 << 24


def case(name):
    def register(setup):
        CASES[name] = setup
        return setup

    return register


# ---------------------------------------------------------------- overhead
def add(name, grad):
    @case(f"overhead/{name}")
    def _():
        a, b = torch.ones(1, requires_grad=grad), torch.ones(1, requires_grad=grad)
        return lambda: a + b

def chain(name, grad):
    @case(f"overhead/{name}")
    def _():
        a = torch.ones(1, requires_grad=grad)
        def f():
            y = a
            for _ in range(10): y = y * 1.01
            return y
        return f

add("add_1elem", False)
add("add_1elem_grad", True)
chain("mul_scalar_chain10", False)
chain("chain10_fwd_grad", True)

@case("overhead/chain10_fwd_bwd")
def _():
    a = torch.ones(1, requires_grad=True)
    def f():
        a.grad = None
        y = a
        for _ in range(10): y = y * 1.01
        y.backward()
    return f

def square(name, op):
    @case(f"overhead/{name}")
    def _():
        a = torch.ones(64, 64)
        return lambda: op(a)

square("view", lambda a: a.view(4096))
square("slice", lambda a: a[1:3])
square("permute", lambda a: a.permute(1, 0))

@case("overhead/zeros_3x4")
def _(): return lambda: torch.zeros(3, 4)

@case("overhead/item")
def _():
    a = torch.ones(1)
    return lambda: a.item()

@case("overhead/linear_8x8_grad")
def _():
    l = nn.Linear(8, 8); x = torch.randn(4, 8)
    def f():
        l.weight.grad = None; l.bias.grad = None
        l(x).relu().sum().backward()
    return f

# ---------------------------------------------------------------- elementwise
def bin_case(name, n, op):
    @case(f"elem/{name}")
    def _():
        a, b = torch.rand(n), torch.rand(n)
        return lambda: op(a, b)

for tag, n in (("1M", M1), ("16M", M16)):
    bin_case(f"add_{tag}", n, lambda a, b: a + b)

@case("elem/add_bcast_4096x1024")
def _():
    a, b = torch.rand(4096, 1024), torch.rand(1024)
    return lambda: a + b

@case("elem/add_bcast_col_4096x1024")
def _():
    a, b = torch.rand(4096, 1024), torch.rand(4096, 1)
    return lambda: a + b

@case("elem/add_transposed_4096")
def _():
    a, b = torch.rand(4096, 4096), torch.rand(4096, 4096)
    return lambda: a.t() + b

@case("elem/mul_scalar_inplace_1M")
def _():
    a = torch.rand(M1)
    return lambda: a.mul_(1.0001)

@case("elem/mul_scalar_inplace_16M")
def _():
    a = torch.rand(M16)
    return lambda: a.mul_(1.0001)

UNARY = {
    "exp": torch.exp, "tanh": torch.tanh, "gelu": F.gelu, "sigmoid": torch.sigmoid, "relu": torch.relu,
    "log": torch.log, "sin": torch.sin, "pow2": lambda x: x.pow(2), "sqrt": torch.sqrt, "gt0": lambda x: x > 0,
    "to_f16": lambda x: x.to(torch.float16), "to_bf16": lambda x: x.to(torch.bfloat16), "to_i64": lambda x: x.to(torch.int64),
}
def un_case(name, n, op):
    @case(f"elem/{name}")
    def _():
        a = torch.rand(n) * 4 - (0 if name.startswith(("sqrt", "log")) else 2)
        return lambda: op(a)
for tag, n in (("1M", M1), ("16M", M16)):
    for k, op in UNARY.items():
        un_case(f"{k}_{tag}", n, op)

for tag, n in (("1M", M1), ("16M", M16)):
    def mk(tag, n):
        @case(f"elem/where_{tag}")
        def _():
            a, b = torch.rand(n), torch.rand(n); m = a > 0.5
            return lambda: torch.where(m, a, b)
    mk(tag, n)

# ---------------------------------------------------------------- reductions
def red(name, shape, op):
    @case(f"reduce/{name}")
    def _():
        a = torch.rand(*shape)
        return lambda: op(a)
red("sum_all_16M", (M16,), lambda a: a.sum())
red("sum_all_1M", (M1,), lambda a: a.sum())
red("sum_dim0_4096", (4096, 4096), lambda a: a.sum(0))
red("sum_dim1_4096", (4096, 4096), lambda a: a.sum(1))
red("amax_dim0_4096", (4096, 4096), lambda a: a.amax(0))
red("max_dim1_idx_4096", (4096, 4096), lambda a: a.max(1))
red("argmax_dim1_4096", (4096, 4096), lambda a: a.argmax(1))
red("softmax_4096x1024", (4096, 1024), lambda a: a.softmax(-1))
red("log_softmax_4096x1024", (4096, 1024), lambda a: a.log_softmax(-1))
red("mean_dim1_4096x1024", (4096, 1024), lambda a: a.mean(1))
red("var_dim1_4096x1024", (4096, 1024), lambda a: a.var(1))
red("cumsum_dim1_4096x1024", (4096, 1024), lambda a: a.cumsum(1))
red("sort_1024x1024", (1024, 1024), lambda a: a.sort(1))
red("unique_1M", (1024, 1024), lambda a: a.unique())
red("topk10_1024x1024", (1024, 1024), lambda a: a.topk(10, 1))

@case("reduce/layer_norm_4096x1024")
def _():
    a, w, b = torch.rand(4096, 1024), torch.ones(1024), torch.zeros(1024)
    return lambda: F.layer_norm(a, (1024,), w, b)

@case("reduce/layer_norm_fwdbwd_4096x1024")
def _():
    a = torch.rand(4096, 1024, requires_grad=True)
    w, b = torch.ones(1024, requires_grad=True), torch.zeros(1024, requires_grad=True)
    g = torch.rand(4096, 1024)
    def f():
        a.grad = w.grad = b.grad = None
        F.layer_norm(a, (1024,), w, b).backward(g)
    return f

@case("reduce/sum_fwdbwd_4096x1024")
def _():
    a = torch.rand(4096, 1024, requires_grad=True); g = torch.rand(4096)
    def f():
        a.grad = None
        a.sum(1).backward(g)
    return f

@case("reduce/softmax_fwdbwd_4096x1024")
def _():
    a = torch.rand(4096, 1024, requires_grad=True); g = torch.rand(4096, 1024)
    def f():
        a.grad = None
        a.softmax(-1).backward(g)
    return f

@case("reduce/cross_entropy_fwdbwd_4096x1024")
def _():
    a = torch.rand(4096, 1024, requires_grad=True); target = torch.randint(0, 1024, (4096,))
    def f():
        a.grad = None
        F.cross_entropy(a, target).backward()
    return f

# ---------------------------------------------------------------- matmul
@case("matmul/attention_8x8x512x64_fwd")
def _():
    q, k, v = (torch.rand(8, 8, 512, 64) for _ in range(3))
    return lambda: F.scaled_dot_product_attention(q, k, v)

@case("matmul/attention_8x8x512x64_fwdbwd")
def _():
    inputs = [torch.rand(8, 8, 512, 64, requires_grad=True) for _ in range(3)]
    g = torch.rand(8, 8, 512, 64)
    def f():
        for x in inputs: x.grad = None
        F.scaled_dot_product_attention(*inputs).backward(g)
    return f

def mm(name, sa, sb, dt=torch.float32, op=torch.matmul):
    @case(f"matmul/{name}")
    def _():
        a, b = torch.randn(*sa).to(dt), torch.randn(*sb).to(dt)
        return lambda: op(a, b)
for n in (64, 128, 256, 512, 1024, 2048):
    mm(f"f32_{n}", (n, n), (n, n))
mm("gemv_1x4096x4096", (1, 4096), (4096, 4096))
mm("gemvT_1x4096x4096", (1, 4096), (4096, 4096), op=lambda a, b: a @ b.t())
mm("bmm_64x128x64x128", (64, 128, 64), (64, 64, 128))
mm("abt_1024", (1024, 1024), (1024, 1024), op=lambda a, b: a @ b.t())
mm("atb_1024", (1024, 1024), (1024, 1024), op=lambda a, b: a.t() @ b)
mm("skinny_128x784x512", (128, 784), (784, 512))
mm("f64_512", (512, 512), (512, 512), torch.float64)
mm("bf16_1024", (1024, 1024), (1024, 1024), torch.bfloat16)
mm("f16_1024", (1024, 1024), (1024, 1024), torch.float16)

# ---------------------------------------------------------------- memory movement
@case("mem/cat_8x512x1024")
def _():
    xs = [torch.rand(512, 1024) for _ in range(8)]
    return lambda: torch.cat(xs, 0)

@case("mem/index_select_8192x256")
def _():
    w = torch.rand(50000, 256); i = torch.randint(0, 50000, (8192,))
    return lambda: w.index_select(0, i)

@case("mem/embedding_8192x256")
def _():
    w = torch.rand(50000, 256); i = torch.randint(0, 50000, (8192,))
    return lambda: F.embedding(i, w)

@case("mem/embedding_fwdbwd_8192x256")
def _():
    w = torch.rand(50000, 256, requires_grad=True); i = torch.randint(0, 50000, (8192,)); g = torch.rand(8192, 256)
    def f():
        w.grad = None
        F.embedding(i, w).backward(g)
    return f

@case("mem/masked_select_4M")
def _():
    a = torch.rand(4 << 20); m = a > 0.5
    return lambda: a.masked_select(m)

def mem(name, sizes, op):
    @case(f"mem/{name}")
    def _():
        a = torch.rand(*sizes)
        return lambda: op(a)

INDEX = torch.randint(0, 1024, (4096, 1024))
mem("gather_4096x1024", (4096, 1024), lambda a: a.gather(1, INDEX))
mem("contiguous_t_4096", (4096, 4096), lambda a: a.t().contiguous())
mem("flip_4096x1024", (4096, 1024), lambda a: a.flip(1))
mem("pad_32x64x56x56", (32, 64, 56, 56), lambda a: F.pad(a, (1, 1, 1, 1)))
mem("clone_16M", (M16,), lambda a: a.clone())
IMAGE = (16, 64, 56, 56)
GRID = torch.rand(16, 56, 56, 2) * 2 - 1
mem("bilinear2x_16x64x56x56", IMAGE, lambda a: F.interpolate(a, scale_factor=2, mode="bilinear"))
mem("grid_sample_16x64x56x56", IMAGE, lambda a: F.grid_sample(a, GRID, align_corners=False))
mem("unfold_16x64x56x56_k3", IMAGE, lambda a: F.unfold(a, 3, padding=1))
mem("tril_4096", (4096, 4096), lambda a: a.tril())
mem("roll_4096x1024", (4096, 1024), lambda a: a.roll(100, 1))

@case("mem/copy_into_16M")
def _():
    a, b = torch.rand(M16), torch.rand(M16)
    return lambda: b.copy_(a)

@case("mem/zeros_16M")
def _(): return lambda: torch.zeros(M16)

# ---------------------------------------------------------------- conv
def conv(name, xs, ws, op):
    @case(f"conv/{name}_fwd")
    def _():
        x, w = torch.rand(*xs), torch.rand(*ws)
        def f():
            with torch.no_grad(): return op(x, w)
        return f
    @case(f"conv/{name}_fwdbwd")
    def _():
        x, w = torch.rand(*xs).requires_grad_(), torch.rand(*ws).requires_grad_()
        g = torch.rand_like(op(x, w).detach())
        def f():
            x.grad = w.grad = None
            op(x, w).backward(g)
        return f
conv("k3_32x3x32x32_16", (32, 3, 32, 32), (16, 3, 3, 3), lambda x, w: F.conv2d(x, w, padding=1))
conv("k3_32x64x56x56_64", (32, 64, 56, 56), (64, 64, 3, 3), lambda x, w: F.conv2d(x, w, padding=1))
conv("k7s2_8x3x224x224_64", (8, 3, 224, 224), (64, 3, 7, 7), lambda x, w: F.conv2d(x, w, stride=2, padding=3))
conv("dw3_32x64x56x56", (32, 64, 56, 56), (64, 1, 3, 3), lambda x, w: F.conv2d(x, w, padding=1, groups=64))
conv("k1_32x64x56x56_256", (32, 64, 56, 56), (256, 64, 1, 1), lambda x, w: F.conv2d(x, w))
conv("convT_k4s2_32x64x14x14_32", (32, 64, 14, 14), (64, 32, 4, 4), lambda x, w: F.conv_transpose2d(x, w, stride=2, padding=1))

def pool(name, op, xs=(32, 64, 56, 56)):
    @case(f"conv/{name}_fwd")
    def _():
        x = torch.rand(*xs)
        return lambda: op(x)
    @case(f"conv/{name}_fwdbwd")
    def _():
        x = torch.rand(*xs).requires_grad_(); g = torch.rand_like(op(x).detach())
        def f():
            x.grad = None
            op(x).backward(g)
        return f
pool("maxpool2_32x64x56x56", lambda x: F.max_pool2d(x, 2))
pool("maxpool3s2_32x64x56x56", lambda x: F.max_pool2d(x, 3, 2, 1))
pool("avgpool2_32x64x56x56", lambda x: F.avg_pool2d(x, 2))

@case("conv/bn_train_32x64x56x56_fwd")
def _():
    bn = nn.BatchNorm2d(64); x = torch.rand(32, 64, 56, 56)
    return lambda: bn(x)

@case("conv/bn_train_32x64x56x56_fwdbwd")
def _():
    bn = nn.BatchNorm2d(64); x = torch.rand(32, 64, 56, 56, requires_grad=True); g = torch.rand(32, 64, 56, 56)
    def f():
        x.grad = None; bn.zero_grad()
        bn(x).backward(g)
    return f

# ---------------------------------------------------------------- rng
@case("rng/rand_16M")
def _(): return lambda: torch.rand(M16)
@case("rng/randn_16M")
def _(): return lambda: torch.randn(M16)
@case("rng/randperm_1M")
def _(): return lambda: torch.randperm(M1)
@case("rng/bernoulli_16M")
def _():
    p = torch.full((M16,), 0.3)
    return lambda: torch.bernoulli(p)
@case("rng/dropout_16M")
def _():
    a = torch.rand(M16)
    return lambda: F.dropout(a, 0.5)

# ---------------------------------------------------------------- training steps
def train_step(model, loss_fn, opt):
    def f():
        opt.zero_grad()
        loss_fn(model).backward()
        opt.step()
    return f

def mlp(opt):
    torch.manual_seed(0)
    m = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
    x, y = torch.rand(128, 784), torch.randint(0, 10, (128,))
    return train_step(m, lambda m: F.cross_entropy(m(x), y), opt(m.parameters()))

@case("train/mlp_sgd")
def _(): return mlp(lambda p: torch.optim.SGD(p, 0.01))
@case("train/mlp_adam")
def _(): return mlp(lambda p: torch.optim.Adam(p, 1e-3))
@case("train/mlp_adam_fused")
def _(): return mlp(lambda p: torch.optim.Adam(p, 1e-3, fused=True))

@case("train/mlp_fwd_infer")
def _():
    m = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))
    x = torch.rand(128, 784)
    def f():
        with torch.no_grad(): return m(x)
    return f

@case("train/lenet_sgd")
def _():
    m = nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
                      nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    x, y = torch.rand(64, 1, 28, 28), torch.randint(0, 10, (64,))
    return train_step(m, lambda m: F.cross_entropy(m(x), y), torch.optim.SGD(m.parameters(), 0.01))

@case("train/cnn_b32_adam")
def _():
    def part(a, b): return [nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    m = nn.Sequential(*part(1, 64), *part(64, 128), *part(128, 64), nn.Flatten(), nn.Linear(576, 20), nn.ReLU(), nn.Linear(20, 10))
    x, y = torch.rand(32, 1, 28, 28), torch.randint(0, 10, (32,))
    return train_step(m, lambda m: F.cross_entropy(m(x), y), torch.optim.Adam(m.parameters(), 1e-3))

@case("train/lstm_h128_l2_s64_b32_adam")
def _():
    class M(nn.Module):
        def __init__(s):
            super().__init__(); s.l = nn.LSTM(64, 128, 2, batch_first=True); s.o = nn.Linear(128, 10)
        def forward(s, x): return s.o(s.l(x)[0][:, -1])
    m = M(); x, y = torch.rand(32, 64, 64), torch.randint(0, 10, (32,))
    return train_step(m, lambda m: F.cross_entropy(m(x), y), torch.optim.Adam(m.parameters(), 1e-3))

@case("train/transformer_b16_s128_d256_adam")
def _():
    m = nn.TransformerEncoderLayer(256, 4, 1024, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
    x, t = torch.rand(16, 128, 256), torch.rand(16, 128, 256)
    return train_step(m, lambda m: F.mse_loss(m(x), t), torch.optim.Adam(m.parameters(), 1e-3))

@case("train/vae_b128_adam")
def _():
    class V(nn.Module):
        def __init__(s):
            super().__init__()
            s.e1 = nn.Linear(784, 400); s.mu = nn.Linear(400, 20); s.lv = nn.Linear(400, 20); s.d1 = nn.Linear(20, 400); s.d2 = nn.Linear(400, 784)
        def loss(s, x):
            h = F.relu(s.e1(x)); mu, lv = s.mu(h), s.lv(h)
            z = mu + torch.randn_like(mu) * torch.exp(0.5 * lv)
            r = torch.sigmoid(s.d2(F.relu(s.d1(z))))
            return F.binary_cross_entropy(r, x, reduction="sum") - 0.5 * torch.sum(1 + lv - mu.pow(2) - lv.exp())
    m = V(); x = torch.rand(128, 784)
    return train_step(m, lambda m: m.loss(x), torch.optim.Adam(m.parameters(), 1e-3))

def opt_step(mk, sizes):
    ps = [torch.rand(s).requires_grad_() for s in sizes]
    for p in ps: p.grad = torch.rand_like(p)
    o = mk(ps)
    return o.step

@case("train/adam_step_10M")
def _(): return opt_step(lambda p: torch.optim.Adam(p, 1e-3), [1_000_000] * 10)
@case("train/adam_step_10M_fused")
def _(): return opt_step(lambda p: torch.optim.Adam(p, 1e-3, fused=True), [1_000_000] * 10)
@case("train/sgd_momentum_step_10M")
def _(): return opt_step(lambda p: torch.optim.SGD(p, 1e-3, momentum=0.9), [1_000_000] * 10)
@case("train/adam_step_100x1000")
def _(): return opt_step(lambda p: torch.optim.Adam(p, 1e-3), [1000] * 100)


def peak(name):
    def status(key):
        return next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith(key))

    # Code is loaded when it is first used; from here on the system counts the highest level anew.
    for small in ("train/adam_step_100x1000", "conv/k3_32x3x32x32_16_fwdbwd", "matmul/f32_64"): CASES[small]()()
    open("/proc/self/clear_refs", "w").write("5")
    before, call = status("VmRSS:"), CASES[name]()
    for _ in range(5): call()
    print(json.dumps({"case": name, "peak_bytes": status("VmHWM:") - before}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("filters", nargs="*")
    parser.add_argument("--seconds", type=float, default=0.25)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--peak", metavar="CASE")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    if options.device == "cuda" and not torch.cuda.is_available():
        return  # nothing to compare with
    if options.device == "cuda":
        # Not `set_default_device`, whose mode costs every call some microseconds.
        torch.set_default_tensor_type("torch.cuda.FloatTensor")
    if options.peak:
        return peak(options.peak)
    for name, setup in CASES.items():
        if options.filters and not any(part in name for part in options.filters):
            continue
        threads = 1 if name.startswith("overhead/") else options.threads
        torch.set_num_threads(threads)
        torch.manual_seed(0)
        median, least = measure(setup(), options.seconds)
        print(json.dumps({"case": name, "median_us": round(median, 4), "min_us": round(least, 4), "threads": threads}), flush=True)
        gc.collect()


main()
