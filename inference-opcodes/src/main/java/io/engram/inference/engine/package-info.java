/** Back ends and the engine that drives them step by step. */
@NullMarked
package io.engram.inference.engine;

import org.jspecify.annotations.NullMarked;
