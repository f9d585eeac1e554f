/** A back end in the JDK's vector API: integer sums computed exactly in float arithmetic, the same bits as the reference. */
@NullMarked
package io.engram.inference.engine.vector;

import org.jspecify.annotations.NullMarked;
