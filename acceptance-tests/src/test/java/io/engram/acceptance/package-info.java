/** Rules that hold for the whole project, and whole nodes driven by real tools. */
@NullMarked
package io.engram.acceptance;

import org.jspecify.annotations.NullMarked;
