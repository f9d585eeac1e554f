/** Transactions, calls and system calls: validity, fees, execution and settlement. */
@NullMarked
package io.engram.evm.transaction;

import org.jspecify.annotations.NullMarked;
