/* vpdpbusd on 256 bits. */
#pragma GCC target("avx2,avxvnni")
#include "vector256.h"

#define DOT(sum, rows, columns) __asm__("%{vex%} vpdpbusd %2, %1, %0" : "+x"(sum) : "x"(rows), "x"(columns))
#define GROUP 4
#define TIER tier_avxvnni
#define TIER_NAME "avx-vnni"
#include "kernels.h"
