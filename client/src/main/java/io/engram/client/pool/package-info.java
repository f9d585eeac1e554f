/** Transactions that wait for a block. */
@NullMarked
package io.engram.client.pool;

import org.jspecify.annotations.NullMarked;
