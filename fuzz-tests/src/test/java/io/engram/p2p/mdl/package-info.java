/** Fuzz targets that need what the package keeps to itself. */
@NullMarked
package io.engram.p2p.mdl;

import org.jspecify.annotations.NullMarked;
