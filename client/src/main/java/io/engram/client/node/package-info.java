/** A whole node: everything wired by constructors, started and stopped in order. */
@NullMarked
package io.engram.client.node;

import org.jspecify.annotations.NullMarked;
