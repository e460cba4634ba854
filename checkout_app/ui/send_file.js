const UNSENT = "It did not come through. Choose it again in a moment.";

/**
 * Send a file, and return the id of what became of it, or why it was refused.
 * @param {string} action
 * @param {Blob} file
 * @param {number} wait - milliseconds
 * @returns {Promise<{ id?: string, detail?: string }>}
 */
export async function sendFile(action, file, wait) {
  try {
    const answer = await fetch(action, { method: "POST", body: file, signal: AbortSignal.timeout(wait) });
    const { id, detail } = await answer.json();
    return answer.ok ? { id } : { detail };
  } catch {
    return { detail: UNSENT };
  }
}
