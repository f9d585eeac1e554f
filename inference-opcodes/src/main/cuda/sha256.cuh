/*
 * Commitments of all results of a run (docs/inference-spec.md, 7): the leaves of every tensor, then a tree for each, then
 * the roots. Digests are eight words in the machine's order.
 */
#pragma once
#include "device.cuh"

static __constant__ uint32 ROUND[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

const int DIGEST_WORDS = 8;
const int CHUNK = 4096;

static __device__ __forceinline__ uint32 rotate(uint32 v, int bits) { return __funnelshift_r(v, v, bits); }

struct Sha256 {
    uint32 state[8];

    __device__ __forceinline__ Sha256() {
        state[0] = 0x6a09e667;
        state[1] = 0xbb67ae85;
        state[2] = 0x3c6ef372;
        state[3] = 0xa54ff53a;
        state[4] = 0x510e527f;
        state[5] = 0x9b05688c;
        state[6] = 0x1f83d9ab;
        state[7] = 0x5be0cd19;
    }

    /* One block of 16 words, which are used up. */
    __device__ __forceinline__ void block(uint32 (&w)[16]) {
        uint32 s[8];
#pragma unroll
        for (int i = 0; i < 8; i++) {
            s[i] = state[i];
        }
#pragma unroll 1
        for (int start = 0; start < 64; start += 16) {
#pragma unroll
            for (int i = 0; i < 16; i++) {
                uint32 e = s[4];
                uint32 t = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & s[5]) ^ (~e & s[6]))
                        + ROUND[start + i] + w[i];
                uint32 a = s[0];
                uint32 u = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
                s[7] = s[6];
                s[6] = s[5];
                s[5] = s[4];
                s[4] = s[3] + t;
                s[3] = s[2];
                s[2] = s[1];
                s[1] = s[0];
                s[0] = t + u;
            }
            if (start < 48) {
#pragma unroll
                for (int i = 0; i < 16; i++) {
                    uint32 x = w[(i + 1) % 16];
                    uint32 y = w[(i + 14) % 16];
                    w[i] += (rotate(x, 7) ^ rotate(x, 18) ^ (x >> 3)) + w[(i + 9) % 16]
                            + (rotate(y, 17) ^ rotate(y, 19) ^ (y >> 10));
                }
            }
        }
#pragma unroll
        for (int i = 0; i < 8; i++) {
            state[i] += s[i];
        }
    }
};

/* Four canonical bytes of a tensor, the first highest, from a whole word as it lies in memory. */
static __device__ __forceinline__ uint32 canonical(uint32 word, int bytes) {
    if (bytes == 1) {
        return __byte_perm(word, 0, 0x0123);
    }
    return bytes == 2 ? __byte_perm(word, 0, 0x1032) : word;
}

/* Word i of a chunk, canonical. Bytes past the end are 0, then comes the bit that ends a message. */
static __device__ __forceinline__ uint32 wordOf(const uint8 *from, int i, int length, int bytes) {
    int rest = length - 4 * i;
    if (rest >= 4) {
        return canonical(((const uint32 *) from)[i], bytes);
    }
    if (rest < 0) {
        return 0;
    }
    uint32 word = 0;
    for (int k = 0; k < rest; k++) {
        /* Only int8 and int16 end inside a word; the bytes of an int16 change places. */
        word |= (uint32) from[4 * i + (bytes == 2 ? k ^ 1 : k)] << (24 - 8 * k);
    }
    return word | 0x80u << (24 - 8 * rest);
}

struct Hash {
    ref jobs, leaves, roots; /* jobs and headers are constants */
    int tensors, chunks, steps;
};

/* A tensor to be hashed, in the constants. */
struct HashJob {
    ref in;
    int bytes;      /* of the tensor */
    int element;    /* bytes of an element */
    int firstChunk; /* number of its first leaf */
};

/* A step whose result is one of these tensors. */
struct HashStep {
    int job;
    int headerWords; /* of the message without the top and its padding, see `header` */
    ref header;      /* bytes of the header as big-endian words, the last one filled up with zeros */
    int headerBytes;
};

/* SHA-256(00 ‖ chunk): a thread for each chunk. */
KERNEL hash_leaves(const Memory memory, const Hash p) {
    int chunk = thread();
    if (chunk >= p.chunks) {
        return;
    }
    const HashJob *jobs = (const HashJob *) at(memory, p.jobs);
    int low = 0;
    int high = p.tensors;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (jobs[middle].firstChunk <= chunk) {
            low = middle;
        } else {
            high = middle;
        }
    }
    const HashJob job = jobs[low];
    int start = (chunk - job.firstChunk) * CHUNK;
    int length = min(CHUNK, job.bytes - start);
    const uint8 *from = at(memory, job.in) + start;

    /* The message is the prefix 00 and the chunk: every word takes its first byte from the word before. */
    Sha256 sha;
    int blocks = (length + 1 + 8) / 64 + 1;
    uint32 before = 0;
    for (int block = 0; block < blocks; block++) {
        uint32 w[16];
#pragma unroll
        for (int i = 0; i < 16; i++) {
            uint32 word = wordOf(from, block * 16 + i, length, job.element);
            w[i] = before << 24 | word >> 8;
            before = word;
        }
        if (block == blocks - 1) {
            w[14] = 0;
            w[15] = (uint32) (length + 1) * 8;
        }
        sha.block(w);
    }
    uint32 *leaf = (uint32 *) out(memory, p.leaves) + chunk * DIGEST_WORDS;
#pragma unroll
    for (int i = 0; i < DIGEST_WORDS; i++) {
        leaf[i] = sha.state[i];
    }
}

/* SHA-256(01 ‖ left ‖ right). */
static __device__ __forceinline__ void node(const uint32 *pair, uint32 *to) {
    Sha256 sha;
    uint32 words[16];
#pragma unroll
    for (int i = 0; i < 16; i++) {
        words[i] = pair[i];
    }
    uint32 last = words[15];
#pragma unroll
    for (int i = 15; i > 0; i--) {
        words[i] = words[i - 1] << 24 | words[i] >> 8;
    }
    words[0] = 1u << 24 | words[0] >> 8;
    for (int half = 0; half < 2; half++) {
        sha.block(words);
#pragma unroll
        for (int i = 0; i < 16; i++) {
            words[i] = 0;
        }
        words[0] = last << 24 | 0x80u << 16;
        words[15] = 65 * 8;
    }
#pragma unroll
    for (int i = 0; i < DIGEST_WORDS; i++) {
        to[i] = sha.state[i];
    }
}

const int TREE_THREADS = 64;

/* The tree over a tensor's leaves, level after level in their place: a block for each tensor. The top is the first leaf. */
KERNEL __launch_bounds__(64) hash_trees(const Memory memory, const Hash p) {
    const HashJob job = ((const HashJob *) at(memory, p.jobs))[blockIdx.x];
    uint32 *leaves = (uint32 *) out(memory, p.leaves) + job.firstChunk * DIGEST_WORDS;
    for (int count = (job.bytes + CHUNK - 1) / CHUNK; count > 1; count = (count + 1) / 2) {
        for (int start = 0; start < count; start += 2 * TREE_THREADS) {
            int pair = start / 2 + threadIdx.x;
            uint32 digest[DIGEST_WORDS];
            bool whole = 2 * pair + 1 < count;
            bool single = 2 * pair + 1 == count;
            if (whole) {
                node(leaves + 2 * pair * DIGEST_WORDS, digest);
            } else if (single) {
#pragma unroll
                for (int i = 0; i < DIGEST_WORDS; i++) {
                    digest[i] = leaves[2 * pair * DIGEST_WORDS + i];
                }
            }
            /* All have read before any writes; what this round writes the next ones do not read. */
            __syncthreads();
            if (whole || single) {
#pragma unroll
                for (int i = 0; i < DIGEST_WORDS; i++) {
                    leaves[pair * DIGEST_WORDS + i] = digest[i];
                }
            }
        }
        __syncthreads();
    }
}

/* SHA-256(header ‖ top), as bytes: a thread for each step. The steps follow the jobs. */
KERNEL hash_roots(const Memory memory, const Hash p) {
    int index = thread();
    if (index >= p.steps) {
        return;
    }
    const HashJob *jobs = (const HashJob *) at(memory, p.jobs);
    const HashStep step = ((const HashStep *) (jobs + p.tensors))[index];
    const uint32 *header = (const uint32 *) at(memory, step.header);
    const uint32 *top = (const uint32 *) out(memory, p.leaves) + jobs[step.job].firstChunk * DIGEST_WORDS;
    int length = step.headerBytes + 32;
    int shift = 8 * (step.headerBytes % 4);
    int first = step.headerBytes / 4; /* the word in which the top begins */
    int blocks = (length + 8) / 64 + 1;
    Sha256 sha;
    for (int block = 0; block < blocks; block++) {
        uint32 w[16];
#pragma unroll
        for (int i = 0; i < 16; i++) {
            int at = block * 16 + i;
            uint32 word = at < step.headerWords ? header[at] : 0;
            /* The top and the end bit as a row of words from `first` on, moved to the right by `shift`. */
            int k = at - first;
            uint32 now = k >= 0 && k < DIGEST_WORDS ? top[k] : k == DIGEST_WORDS ? 0x80000000u : 0;
            uint32 before = k >= 1 && k <= DIGEST_WORDS ? top[k - 1] : k == DIGEST_WORDS + 1 ? 0x80000000u : 0;
            w[i] = word | now >> shift | (shift == 0 ? 0 : before << (32 - shift));
        }
        if (block == blocks - 1) {
            w[14] = 0;
            w[15] = (uint32) length * 8;
        }
        sha.block(w);
    }
    uint32 *root = (uint32 *) out(memory, p.roots) + index * DIGEST_WORDS;
#pragma unroll
    for (int i = 0; i < DIGEST_WORDS; i++) {
        root[i] = canonical(sha.state[i], 1);
    }
}
