/** What each opcode does and costs, and which fork has it. */
@NullMarked
package io.engram.evm.operation;

import org.jspecify.annotations.NullMarked;
