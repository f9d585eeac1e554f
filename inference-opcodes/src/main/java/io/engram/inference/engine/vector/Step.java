package io.engram.inference.engine.vector;

import io.engram.inference.tensor.Tensor;
import java.util.List;

/** One step made ready. Safe for use by many threads. */
interface Step {
    Tensor run(List<Tensor> inputs);
}
