/* All kernels of the CUDA back end. `build` makes the PTX that is shipped. */
#include "elements.cuh"
#include "gemm.cuh"
#include "images.cuh"
#include "rows.cuh"
#include "sha256.cuh"
#include "wide.cuh"
