/** What monitoring systems read: Prometheus metrics over HTTP. */
@NullMarked
package io.engram.client.metrics;

import org.jspecify.annotations.NullMarked;
