/** Tests. */
@NullMarked
package io.engram.client.pool;

import org.jspecify.annotations.NullMarked;
