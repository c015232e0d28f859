"""In: the graph of a hibari voice; on standard input the ids of lines as JSON, then a line for each turn. Out: what ONNX
Runtime it is, then for each turn the processor seconds that it took for a second of speech, on one thread.
"""

import json
import resource
import sys

import numpy
import onnxruntime

SAMPLES, RATE = 300, 24_000


def used():
    """Processor seconds of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
    lines = [numpy.array([ids], dtype=numpy.int64) for ids in json.loads(sys.stdin.readline())]
    print("ONNX Runtime", onnxruntime.__version__, flush=True)
    for _ in sys.stdin:
        start, frames = used(), 0
        for ids in lines:
            made = session.run(["lh", "theta", "ln", "lr", "phi", "f0"], {"ids": ids, "speed": numpy.ones(1, numpy.float32)})
            frames += made[-1].shape[-1]
        print((used() - start) / (frames * SAMPLES / RATE), flush=True)


if __name__ == "__main__":
    main()
