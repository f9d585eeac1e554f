/** Contracts that the protocol itself calls, and the predeploys of an inference chain. */
@NullMarked
package io.engram.genesis.system;

import org.jspecify.annotations.NullMarked;
