/** Headers, bodies, receipts and their canonical encoding. */
@NullMarked
package io.engram.genesis.block;

import org.jspecify.annotations.NullMarked;
