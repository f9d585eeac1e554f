/* vpdpbusd on 512 bits: u8 by s8, four products added to each 32-bit lane, modulo 2^32. */
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")
#include "vector512.h"

/* In assembly, as compilers put register copies and spills around the intrinsic. */
#define DOT(sum, rows, columns) __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(rows), "v"(columns))
#define GROUP 4
#define TIER tier_avx512vnni
#define TIER_NAME "avx512-vnni"
#include "kernels.h"
