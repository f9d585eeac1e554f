/** Runs Ethereum's public state tests. */
@NullMarked
package io.engram.evm.statetest;

import org.jspecify.annotations.NullMarked;
