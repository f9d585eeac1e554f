/** Public networks, imported and held against their float originals. */
@NullMarked
package io.engram.acceptance.zoo;

import org.jspecify.annotations.NullMarked;
