/** What a genesis file says: chain rules, QBFT and inference settings, initial state. */
@NullMarked
package io.engram.genesis.config;

import org.jspecify.annotations.NullMarked;
