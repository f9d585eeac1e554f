/** Transactions of types 0 to 4 and their canonical encoding. */
@NullMarked
package io.engram.genesis.transaction;

import org.jspecify.annotations.NullMarked;
