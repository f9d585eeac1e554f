/** Tests. */
@NullMarked
package io.engram.client.exchange;

import org.jspecify.annotations.NullMarked;
