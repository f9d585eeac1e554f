@NullMarked
package io.engram.client.metrics;

import org.jspecify.annotations.NullMarked;
