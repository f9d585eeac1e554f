/** Fuzz targets that need what the package keeps to itself. */
@NullMarked
package io.engram.client.exchange;

import org.jspecify.annotations.NullMarked;
