/** Fuzz targets that need what the package keeps to itself. */
@NullMarked
package io.engram.p2p.eth;

import org.jspecify.annotations.NullMarked;
