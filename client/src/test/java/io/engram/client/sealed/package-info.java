/** Tests. */
@NullMarked
package io.engram.client.sealed;

import org.jspecify.annotations.NullMarked;
