#!/usr/bin/env python3
"""PyTorch's side of `cargo xtask bench`: the cost of small operations, under the same names and by the same rules.

usage: torch_overhead.py [filter ...] [--seconds S]

Prints a line of JSON per case: case, median_us, min_us, threads. A case is warmed up for 50 ms; a sample is as many calls
as take 200 microseconds; there are up to 300 samples.
"""

import argparse
import json
import math
import time

import torch
import torch.nn.functional as F

WARM_UP = 0.05
SAMPLE = 200e-6
SAMPLES = 300
CASES = {}


def case(name):
    def register(setup):
        CASES[name] = setup
        return setup

    return register


def measure(call, seconds):
    now = time.perf_counter
    begin, calls = now(), 0
    while calls < 2 or (now() - begin < WARM_UP and calls < 100_000):
        call()
        calls += 1
    begin = now()
    call()
    inner = min(max(math.ceil(SAMPLE / max(now() - begin, 1e-9)), 1), 20_000)
    repeat, samples, start = range(inner), [], now()
    while len(samples) < 5 or (len(samples) < SAMPLES and now() - start < seconds):
        begin = now()
        for _ in repeat:
            call()
        samples.append((now() - begin) * 1e6 / inner)
    samples.sort()
    return samples[len(samples) // 2], samples[0]


def chain(y):
    for _ in range(10):
        y = y * 1.01
    return y


@case("overhead/add_1elem")
def _():
    a, b = torch.ones(1), torch.ones(1)
    return lambda: a + b


@case("overhead/add_1elem_grad")
def _():
    a, b = torch.ones(1, requires_grad=True), torch.ones(1, requires_grad=True)
    return lambda: a + b


@case("overhead/mul_scalar_chain10")
def _():
    a = torch.ones(1)
    return lambda: chain(a)


@case("overhead/chain10_fwd_grad")
def _():
    a = torch.ones(1, requires_grad=True)
    return lambda: chain(a)


@case("overhead/chain10_fwd_bwd")
def _():
    a = torch.ones(1, requires_grad=True)

    def call():
        a.grad = None
        chain(a).backward()

    return call


@case("overhead/view")
def _():
    a = torch.ones(64, 64)
    return lambda: a.view(4096)


@case("overhead/slice")
def _():
    a = torch.ones(64, 64)
    return lambda: a[1:3]


@case("overhead/permute")
def _():
    a = torch.ones(64, 64)
    return lambda: a.permute(1, 0)


@case("overhead/zeros_3x4")
def _():
    return lambda: torch.zeros(3, 4)


@case("overhead/item")
def _():
    a = torch.ones(1)
    return lambda: a.item()


@case("overhead/linear_8x8_grad")
def _():
    x = torch.randn(4, 8)
    w, b = torch.rand(8, 8, requires_grad=True), torch.rand(8, requires_grad=True)

    def call():
        w.grad = b.grad = None
        F.linear(x, w, b).relu().sum().backward()

    return call


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("filters", nargs="*")
    parser.add_argument("--seconds", type=float, default=0.25)
    args = parser.parse_args()
    torch.set_num_threads(1)
    for name, setup in CASES.items():
        if not args.filters or any(part in name for part in args.filters):
            median, least = measure(setup(), args.seconds)
            line = {"case": name, "median_us": round(median, 4), "min_us": round(least, 4), "threads": 1, "library": "torch"}
            print(json.dumps(line), flush=True)


main()
