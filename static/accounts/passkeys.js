/* Passkeys need a script and a browser that knows them: what is about them stays hidden otherwise. */
(function () {
  'use strict'

  document.addEventListener('DOMContentLoaded', function () {
    if (!window.PublicKeyCredential) return
    document.querySelectorAll('[data-passkey]').forEach(function (part) { part.hidden = false })
    document.querySelectorAll('[data-no-passkey]').forEach(function (part) { part.hidden = true })
  })

  /* allauth's script tells what went wrong; whoever stopped it herself hears the same calm sentence. */
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    var line = document.querySelector('[data-passkey-error]')
    if (!line) {
      line = document.createElement('p')
      line.setAttribute('data-passkey-error', '')
      line.setAttribute('role', 'alert')
      line.className = 'utrecht-form-field-error-message'
      var button = document.querySelector('[data-passkey] button')
      button.parentNode.before(line)
    }
    line.textContent = ''
    window.setTimeout(function () {
      line.textContent = 'Dat is niet gelukt, of je hebt het gestopt. Probeer het nog een keer of kies een andere manier.'
    }, 50)
  })
})()
