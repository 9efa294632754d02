"""How a case is timed: as the other side does it, a device included that works while Python goes on."""

import math
import time

import torch

WARM_UP = 0.05
SAMPLE = 200e-6
SAMPLES = 300


def finish():
    if torch.cuda.is_initialized():
        torch.cuda.synchronize()


def measure(call, seconds):
    now = time.perf_counter
    begin, calls = now(), 0
    while calls < 2 or (now() - begin < WARM_UP and calls < 100_000):
        call()
        calls += 1
    begin = now()
    call()
    finish()
    inner = min(max(math.ceil(SAMPLE / max(now() - begin, 1e-9)), 1), 20_000)
    repeat, samples, start = range(inner), [], now()
    while len(samples) < 5 or (len(samples) < SAMPLES and now() - start < seconds):
        begin = now()
        for _ in repeat:
            call()
        finish()
        samples.append((now() - begin) * 1e6 / inner)
    samples.sort()
    return samples[len(samples) // 2], samples[0]
