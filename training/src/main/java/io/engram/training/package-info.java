/** Trains the Fashion-MNIST network that the demonstration publishes. */
@NullMarked
package io.engram.training;

import org.jspecify.annotations.NullMarked;
