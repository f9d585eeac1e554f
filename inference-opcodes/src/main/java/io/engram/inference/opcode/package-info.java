/** INFER, INFERARRAY and MODELINFO: stack, gas, statuses, receipts and royalties (protocol C). */
@NullMarked
package io.engram.inference.opcode;

import org.jspecify.annotations.NullMarked;
