/** Replaying sealed blocks with the results that others computed (protocol E5): where they come from and how they are checked. */
@NullMarked
package io.engram.client.sealed;

import org.jspecify.annotations.NullMarked;
