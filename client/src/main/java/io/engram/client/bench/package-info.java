/** Measurements of parts of the client. */
@NullMarked
package io.engram.client.bench;

import org.jspecify.annotations.NullMarked;
