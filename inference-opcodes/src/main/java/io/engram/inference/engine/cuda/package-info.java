/**
 * The CUDA back end: kernels in src/main/cuda, shipped as PTX, planned and driven from here. See
 * docs/decisions/cuda-back-end.md.
 */
@NullMarked
package io.engram.inference.engine.cuda;

import org.jspecify.annotations.NullMarked;
