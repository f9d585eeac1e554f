/** {@code engram demo}: images classified by transactions, and a second node that recomputes every inference. */
@NullMarked
package io.engram.client.demo;

import org.jspecify.annotations.NullMarked;
