/**
 * Passes when a model on the host answers a prompt, which takes all of it to work: service, model and GPU.
 *
 *   checks:
 *     inference:
 *       type: module
 *       path: ./checks/ollama-answers.js
 *       with: { model: "llama3.2:1b" }
 *       timeout: 60s
 *       deadline: 5m
 *       severity: warn
 *
 * The default export is called once an attempt, in a process of its own. It gets what the protocol `json` gives to a program,
 * and answers in its words: pass, fail, error (no result) or pending (not yet: ask again, in `retryAfter` seconds).
 *
 * @param {{ host: { address: string }, with: { model?: string, port?: number } }} attempt
 * @returns {Promise<{ status: 'pass' | 'fail' | 'error' | 'pending', message: string, retryAfter?: number }>}
 */
export default async function ollamaAnswers({ host, with: { model, port = 11434 } }) {
  if (model === undefined) return { status: 'error', message: 'no `model` is named under `with`' }
  const start = Date.now()
  let response
  try {
    response = await fetch(`http://${host.address}:${port}/api/generate`, {
      method: 'POST',
      body: JSON.stringify({ model, prompt: 'Say yes.', stream: false, options: { num_predict: 4 } }),
    })
  } catch (error) {
    return { status: 'fail', message: `Ollama does not answer: ${error.cause?.message ?? error.message}` }
  }
  // The model is being loaded, or the queue is full.
  if (response.status === 503) return { status: 'pending', message: 'Ollama is busy', retryAfter: 10 }
  const answer = await response.json()
  if (!response.ok) return { status: 'fail', message: `${response.status}: ${answer.error ?? 'no reason given'}` }
  if (typeof answer.response !== 'string' || answer.response.trim() === '')
    return { status: 'fail', message: `${model} has nothing to say` }
  return { status: 'pass', message: `${model} answered in ${((Date.now() - start) / 1000).toFixed(1)} s` }
}
