/** The contracts that every fork provides at fixed addresses. */
@NullMarked
package io.engram.evm.precompile;

import org.jspecify.annotations.NullMarked;
