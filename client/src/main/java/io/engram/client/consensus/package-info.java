/**
 * QBFT: validators, seals, header rules and block production. Sees blocks, validators, a clock and a signer through
 * small interfaces; no sockets and no storage.
 */
@NullMarked
package io.engram.client.consensus;

import org.jspecify.annotations.NullMarked;
