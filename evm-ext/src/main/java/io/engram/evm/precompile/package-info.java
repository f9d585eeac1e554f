/** The precompiled contracts of Frontier to Osaka with their gas rules. */
@NullMarked
package io.engram.evm.precompile;

import org.jspecify.annotations.NullMarked;
