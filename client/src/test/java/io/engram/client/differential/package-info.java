/** This client's EVM against one that others wrote. */
@NullMarked
package io.engram.client.differential;

import org.jspecify.annotations.NullMarked;
