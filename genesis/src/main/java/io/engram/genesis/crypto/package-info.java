/** Hashing and secp256k1 signatures. */
@NullMarked
package io.engram.genesis.crypto;

import org.jspecify.annotations.NullMarked;
