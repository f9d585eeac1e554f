/** Tests. */
@NullMarked
package io.engram.client.consensus;

import org.jspecify.annotations.NullMarked;
