/** Tests. */
@NullMarked
package io.engram.evm.word;

import org.jspecify.annotations.NullMarked;
