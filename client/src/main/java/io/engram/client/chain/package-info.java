/** Blocks: executing, validating, building, importing and storing them. */
@NullMarked
package io.engram.client.chain;

import org.jspecify.annotations.NullMarked;
