/** Fuzz targets that need what the package keeps to itself. */
@NullMarked
package io.engram.p2p.discovery.v4;

import org.jspecify.annotations.NullMarked;
