/* vpmaddwd on 256 bits. */
#pragma GCC target("avx2")
#include "vector256.h"

#define DOT(sum, rows, columns) (sum = _mm256_add_epi32(sum, _mm256_madd_epi16(rows, columns)))
#define GROUP 2
#define TIER tier_avx2
#define TIER_NAME "avx2"
#include "kernels.h"
