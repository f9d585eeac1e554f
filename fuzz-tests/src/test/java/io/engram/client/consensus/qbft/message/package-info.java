/** Fuzz targets that need what the package keeps to itself. */
@NullMarked
package io.engram.client.consensus.qbft.message;

import org.jspecify.annotations.NullMarked;
