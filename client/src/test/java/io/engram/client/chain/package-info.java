/** Tests. */
@NullMarked
package io.engram.client.chain;

import org.jspecify.annotations.NullMarked;
